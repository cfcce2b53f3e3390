"""The desk's tables: a module a concept. Nothing in them is said by the register."""

from engagement.desk.models.corrections import Correction, CorrectionState
from engagement.desk.models.decisions import DecisionAction, DecisionItem, DecisionSet, SetState
from engagement.desk.models.imports import ImportRow, ImportRun, Outcome, RunState
from engagement.desk.models.operations import KEPT, Action, ByStaff, Operation, OperationKind, RecordChange
from engagement.desk.models.persons import MOST_ABOUT_ONE, Confirmed, ContactCheck, ContactConfirmation, Erasure
from engagement.desk.models.proposals import Proposal, ProposalState, ProposedChange
from engagement.desk.models.requests import (
    CLOSED,
    CLOSED_KEPT,
    DRAFT_KEPT,
    OPEN,
    OTHER_PAPER,
    UNTOLD_KEPT,
    Request,
    RequestKind,
    RequestPaper,
    RequestStep,
    Stage,
)
from engagement.desk.models.sameness import Distinct, Signpost

__all__ = [
    "CLOSED", "CLOSED_KEPT", "DRAFT_KEPT", "KEPT", "MOST_ABOUT_ONE", "OPEN", "OTHER_PAPER", "UNTOLD_KEPT", "Action",
    "ByStaff", "Confirmed", "ContactCheck", "ContactConfirmation", "Correction", "CorrectionState", "DecisionAction",
    "DecisionItem", "DecisionSet", "Distinct", "Erasure", "ImportRow", "ImportRun", "Operation", "OperationKind",
    "Outcome", "Proposal", "ProposalState", "ProposedChange", "RecordChange", "Request", "RequestKind",
    "RequestPaper", "RequestStep", "RunState", "SetState", "Signpost", "Stage",
]  # fmt: skip
