"""Addresses as components: cards, and what is asked about them."""

from __future__ import annotations

from components import (
    AddAddressDialog,
    AddressCard,
    AddressCardDialog,
    AddressDetails,
    DeleteAddressDialog,
    EditAddressDialog,
    ElsewhereDialog,
    MergeDialog,
    NoteDialog,
)
from components.testing import ComponentTests


class TestAddressCard(ComponentTests):
    component = AddressCard


class TestAddressDetails(ComponentTests):
    component = AddressDetails


class TestAddAddressDialog(ComponentTests):
    component = AddAddressDialog


class TestEditAddressDialog(ComponentTests):
    component = EditAddressDialog


class TestDeleteAddressDialog(ComponentTests):
    component = DeleteAddressDialog


class TestMergeDialog(ComponentTests):
    component = MergeDialog


class TestNoteDialog(ComponentTests):
    component = NoteDialog


class TestAddressCardDialog(ComponentTests):
    component = AddressCardDialog


class TestElsewhereDialog(ComponentTests):
    component = ElsewhereDialog
