from companies.models.company import Company, CompanyKind, Module, ModuleCode, Profile, Website
from companies.models.people import Membership, User
from companies.models.rights import (
    Act,
    Part,
    PartCode,
    PartGroupPermission,
    PartUserPermission,
    Protocol,
    ProtocolAct,
    Right,
)
from companies.models.trail import TrailEntry
from companies.models.work import Command, CommandState, Job, JobState, Lane, Link, LinkKind, Series

__all__ = [
    "Act", "Command", "CommandState", "Company", "CompanyKind", "Job", "JobState", "Lane", "Link", "LinkKind",
    "Membership", "Module", "ModuleCode", "Part", "PartCode", "PartGroupPermission", "PartUserPermission", "Profile",
    "Protocol", "ProtocolAct", "Right", "Series", "TrailEntry", "User",
    "Website",
]  # fmt: skip
