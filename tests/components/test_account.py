"""The account's components: each passes the tests that every component passes."""

from __future__ import annotations

from components import (
    BackupDialog,
    CreditDialog,
    DeviceList,
    EmailDialog,
    NameDialog,
    PayingCard,
    PhoneDialog,
    ProfileCard,
    StepUp,
    StepUpDialog,
)
from components.testing import ComponentTests


class TestBackupDialog(ComponentTests):
    component = BackupDialog


class TestCreditDialog(ComponentTests):
    component = CreditDialog


class TestDeviceList(ComponentTests):
    component = DeviceList


class TestEmailDialog(ComponentTests):
    component = EmailDialog


class TestNameDialog(ComponentTests):
    component = NameDialog


class TestPayingCard(ComponentTests):
    component = PayingCard


class TestPhoneDialog(ComponentTests):
    component = PhoneDialog


class TestProfileCard(ComponentTests):
    component = ProfileCard


class TestStepUp(ComponentTests):
    component = StepUp


class TestStepUpDialog(ComponentTests):
    component = StepUpDialog
