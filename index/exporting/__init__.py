"""The tables that are handed in: a module per layout (records → `index.sheet.Sheet`), a module per format (→ bytes)."""
