"""``python -m benchmarks page``, ``… customer``, ``… history``, ``… holding``, ``… budget``."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from benchmarks.arrivals import Crowd
from benchmarks.budget import budget_report

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Measurements of Doorstep that anybody can repeat.",
)


@cli.command()
def page(
    customer: Annotated[int, typer.Option(help="Demo customer whose overview is opened.")] = 101,
    runs: Annotated[int, typer.Option(min=1, help="Runs; the table shows their medians.")] = 7,
    pages: Annotated[int, typer.Option(min=1, help="Pages held open to weigh one.")] = 16,
) -> None:
    """Open the overview in a real browser, beside a plain page of the same content."""
    from benchmarks.page import BenchmarkFailed, page_report

    try:
        print(page_report(customer=customer, runs=runs, pages=pages))
    except BenchmarkFailed as error:
        print(f"The benchmark failed: {error}", file=sys.stderr)
        raise typer.Exit(1) from None


@cli.command()
def customer(
    runs: Annotated[int, typer.Option(min=1, help="Runs; the table shows their medians.")] = 7,
) -> None:
    """Open every page of a customer with 40 subscriptions, beside one with two."""
    from benchmarks.customers import customer_report
    from benchmarks.visits import BenchmarkFailed

    try:
        print(customer_report(runs=runs))
    except BenchmarkFailed as error:
        print(f"The benchmark failed: {error}", file=sys.stderr)
        raise typer.Exit(1) from None


@cli.command()
def history(
    runs: Annotated[int, typer.Option(min=1, help="Runs; the table shows their medians.")] = 7,
) -> None:
    """Look through the orders of a customer with 10,000, beside those of one with ten."""
    from benchmarks.history import history_report
    from benchmarks.visits import BenchmarkFailed

    try:
        print(history_report(runs=runs))
    except BenchmarkFailed as error:
        print(f"The benchmark failed: {error}", file=sys.stderr)
        raise typer.Exit(1) from None


@cli.command()
def holding(
    pages: Annotated[int, typer.Option(min=100, help="Pages that strangers ask for.")] = 3000,
    sockets: Annotated[int, typer.Option(min=100, help="Connections that stay idle.")] = 5000,
) -> None:
    """Let strangers crowd in, and show what that costs in memory and in a customer's waiting."""
    from benchmarks.holding import holding_report

    print(holding_report(pages, sockets))


@cli.command()
def budget(
    customers: Annotated[int, typer.Option(min=1, help="How many customers arrive.")] = 1000,
    writing: Annotated[float, typer.Option(min=0, max=1, help="Share that makes a change.")] = 0.15,
    seed: Annotated[int, typer.Option(help="Another seed, another crowd.")] = 1,
) -> None:
    """Simulate a crowd that arrives at once, and show who waits for the upstream budget."""
    print(budget_report(Crowd(customers=customers, writing=writing, seed=seed)))


if __name__ == "__main__":
    cli()
