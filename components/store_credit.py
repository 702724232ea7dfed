"""Store credit: what can be spent, where it came from, what it was spent on."""

from __future__ import annotations

from app.i18n import Money
from app.state import ACCOUNT
from app.state.credit import Account, CreditState, Movement
from components import html
from components.base import Component
from components.parts import badge


class StoreCredit(Component[CreditState]):
    """A customer's store credit.

    ::

        StoreCredit (div)
        ├── balance    what can be spent, and whether the next delivery uses it
        ├── ledger     each credit that was given, and what became of it
        └── age        how old all this is, and a way to look again
    """

    element = "div"
    sections = ("balance", "ledger", "age")

    def build(self) -> None:
        self.set(class_="ds-credit", data_key="credit")
        super().build()

    def balance(self) -> None:
        balance = self.state.balance
        if not self.state.is_told:
            html.p(self.t("This shop has no store credit here."), class_="ds-note")
            return
        with html.div(class_="ds-card"):
            html.h2(self.t("You can spend"), class_="ds-small-heading")
            if balance is None:
                html.p(self.t("The shop does not tell how much."))
                return
            with html.p():
                html.strong(self.texts.money(balance), class_="ds-credit-balance ds-amount")
            html.p(self.use(balance), class_="ds-muted")
            if balance.amount:
                html.a(ACCOUNT, self.t("Choose when it is used"), class_="ds-link")

    def use(self, balance: Money) -> str:
        """What becomes of it by itself."""
        if not balance.amount:
            return self.t("There is nothing to spend at the moment.")
        if self.state.is_used_next:
            return self.t("It pays for your next delivery, as far as it goes.")
        return self.t("It is kept for later.")

    def ledger(self) -> None:
        if not self.state.is_told:
            return
        accounts = self.seen(lambda: self.model.accounts)
        if accounts is None:
            html.p(self.t("The shop does not tell what it came from."), class_="ds-muted")
            return
        for account in accounts:
            with html.article(class_="ds-card", aria_labelledby=f"credit-{account.key}"):
                self.account(account)

    def account(self, account: Account) -> None:
        """One credit, and what became of it."""
        with html.div(class_="ds-heading"):
            html.h2(self.say(account.name), id=f"credit-{account.key}", dir="auto")
            if account.is_expired:
                badge(self.t("Expired"), "quiet")
        html.p(self.told(account), class_="ds-muted")
        if account.movements is None:
            return
        if not account.movements:
            html.p(self.nothing(account), class_="ds-muted")
            return
        with html.Tag("table", class_="ds-ledger"):
            html.Tag("caption", self.t("What was added and spent"), class_="ds-unseen")
            with html.Tag("thead"), html.Tag("tr"):
                for name in (self.t("Day"), self.t("What"), self.t("Amount"), self.t("Left")):
                    html.Tag("th", name, scope="col")
            with html.Tag("tbody"):
                for movement in account.movements:
                    with html.Tag("tr"):
                        self.movement(movement)
        if account.has_more:
            html.p(self.t("Older ones are not shown here."), class_="ds-muted")

    def told(self, account: Account) -> str:
        """What was given, what is left, and until when."""
        told = []
        if account.given is not None and account.day is not None:
            day = self.texts.date(account.day, "full")
            told.append(self.t("{amount} was given on {date}.", amount=account.given, date=day))
        elif account.given is not None:
            told.append(self.t("{amount} was given.", amount=account.given))
        if account.left is not None:
            told.append(self.t("{amount} is left.", amount=account.left))
        if account.expires is not None:
            day = self.texts.date(account.expires, "full")
            told.append(
                self.t("It could be spent until {date}.", date=day)
                if account.is_expired
                else self.t("It can be spent until {date}.", date=day)
            )
        return " ".join(told)

    def nothing(self, account: Account) -> str:
        """What is said where no movement is listed: it may still have been spent."""
        if account.given is not None and account.given == account.left:
            return self.t("Nothing was added or spent since.")
        return self.t("The shop does not tell what it was spent on.")

    def movement(self, movement: Movement) -> None:
        """One line of the ledger."""
        with html.Tag("td"):
            if movement.day is not None:
                html.time(movement.day, self.texts.date(movement.day, "full"))
        html.Tag("td", self.say(movement.text), dir="auto")
        # The sign says what it is, and so does the word before it for those who hear it.
        with html.Tag("td", class_="ds-amount"):
            html.span(
                self.t("spent") if movement.amount.amount < 0 else self.t("added"),
                class_="ds-unseen",
            )
            html.span(self.signed(movement.amount))
        left = self.texts.money(movement.left) if movement.left else ""
        html.Tag("td", left, class_="ds-amount")

    def signed(self, amount: Money) -> str:
        """An amount with its sign: what is added has one too."""
        text = self.texts.money(amount)
        return text if amount.amount < 0 else f"+{text}"

    def age(self) -> None:
        age = self.seen(lambda: self.model.age)
        if age is None:
            return
        with html.p(class_="ds-below ds-muted"):
            failure = self.state.failure
            if failure is not None:
                html.span(self.t("It could not be read again just now."))
            html.span(self.t("Read {ago}.", ago=self.texts.ago(age)))
            html.Button(
                self.t("Look again"),
                self.state.read,
                key="credit-again",
                class_="ds-button ds-quiet",
            )
