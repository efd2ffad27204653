"""The records of policytrace and its errors. Needs nothing else of the project."""

from schemas.base import Box, Origin, Record
from schemas.errors import BadCatalogue, BrokenKnowledgeBase, NotFound, PolicyError, UnreadableSource
from schemas.links import Evidence, Finding, Fragment, Link, Signal, TaskRef
from schemas.policy import (
    LEVEL_NAMES,
    LEVELS,
    Citation,
    Defect,
    Division,
    Level,
    Measure,
    Phase,
    Policy,
    Project,
    Responsibility,
    Section,
    Target,
    Task,
)

__all__ = [
    "LEVELS",
    "LEVEL_NAMES",
    "BadCatalogue",
    "Box",
    "BrokenKnowledgeBase",
    "Citation",
    "Defect",
    "Division",
    "Evidence",
    "Finding",
    "Fragment",
    "Level",
    "Link",
    "Measure",
    "NotFound",
    "Origin",
    "Phase",
    "Policy",
    "PolicyError",
    "Project",
    "Record",
    "Responsibility",
    "Section",
    "Signal",
    "Target",
    "Task",
    "TaskRef",
    "UnreadableSource",
]
