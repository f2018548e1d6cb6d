from companies.models.company import Company, CompanyKind, Module, ModuleCode, Profile, Website
from companies.models.foundings import Founding
from companies.models.imports import Import, ImportRow, ImportState, Outcome, Why
from companies.models.lists import ListChoice, SavedView
from companies.models.people import DoorRule, Invitation, Membership, User
from companies.models.rights import (
    Act,
    Confirmation,
    Grant,
    Part,
    PartCode,
    PartGroupPermission,
    PartUserPermission,
    Protocol,
    ProtocolAct,
    Right,
    RightUse,
)
from companies.models.signins import Factor, FactorReset, OperatorSession, ResetMail, SecondFactor, SignIn, UsedStep
from companies.models.trail import TrailEntry
from companies.models.windows import CodeFault, CodeFor, Look, LookedRow, Window, WindowAct, WindowExtension, WrongCode
from companies.models.work import Command, CommandState, Job, JobState, Lane, Link, LinkKind, Series

__all__ = [
    "Act", "CodeFault", "CodeFor", "Command", "CommandState", "Company", "CompanyKind", "Confirmation", "DoorRule",
    "Factor", "FactorReset", "Founding", "Grant", "Import", "ImportRow", "ImportState", "Invitation", "Job", "JobState",
    "Lane", "Link", "LinkKind", "ListChoice", "Look", "LookedRow", "Membership", "Module", "ModuleCode",
    "OperatorSession", "Outcome", "Part", "PartCode", "PartGroupPermission", "PartUserPermission", "Profile",
    "Protocol", "ProtocolAct", "ResetMail", "Right", "RightUse", "SavedView", "SecondFactor", "Series", "SignIn",
    "TrailEntry", "UsedStep", "User", "Website", "Why", "Window", "WindowAct", "WindowExtension", "WrongCode",
]  # fmt: skip
