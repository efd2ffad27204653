"""The tables that are handed in: a module per layout (records → `index.exporting.sheet.Sheet`), a module per format (→ bytes)."""
