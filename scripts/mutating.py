"""A parsed module becomes its mutants: each is the module with one small fault that somebody might make.

A comparison, an operator, a condition or a number is another one, a word is altered, an argument, a call or
a raise is missing, nothing is returned or kept. Left out by rule, because they change no behaviour or words
only: annotations and what only type checkers read, docstrings, the words of errors and of the log,
descriptions for the API's document, the options of dataclasses, and the constants whose names are in
`UNMEASURED`.
"""

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

# How much is remembered, how often is asked, how much is read at once: any number near it does as well.
UNMEASURED = frozenset(
    {"KNOWN", "KEYS", "KEPT", "HEAP", "MAPPED", "ASKED_EVERY", "_CHUNK", "_STEP", "SLOTS", "PROBES"}
)
TYPING = frozenset({"annotation", "returns", "type_comment"})
REFUSALS = frozenset({"BadRequest", "Unauthorized", "ServiceUnavailable", "UnsupportedMediaType"})
WORDED = frozenset({"description", "title", "examples"})  # keywords that the API's document shows
OTHERS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitAnd,
}
NEGATED = (ast.Eq, ast.NotEq, ast.In, ast.NotIn, ast.Is, ast.IsNot)  # to change them is to negate them
_PAIRS = "lower upper  lstrip rstrip  find rfind  partition rpartition  startswith endswith  all any  min max"
NAMES = {
    left: right
    for pair in f"{_PAIRS}  removesuffix removeprefix".split("  ")
    for left, right in (pair.split(), pair.split()[::-1])
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One change of a tree. ``function`` is the line where the function begins in which it stands, None for
    what happens when the module is imported; ``classed``: as a class of it is made.
    """

    parent: ast.AST
    field: str
    index: int | None  # in the field, when that is a list
    old: ast.AST
    new: ast.AST | None  # None: it is left out
    line: int
    function: int | None
    classed: bool

    @property
    def told(self) -> str:
        """What became of what."""
        after = "nothing" if self.new is None or isinstance(self.new, ast.Pass) else _text(self.new)
        return f"`{_text(self.old)}` became `{after}`"

    @contextmanager
    def made(self) -> Iterator[None]:
        """The tree is this mutant's meanwhile."""
        if self.index is None:
            setattr(self.parent, self.field, self.new)
            yield
            setattr(self.parent, self.field, self.old)
            return
        siblings = getattr(self.parent, self.field)
        before = list(siblings)
        siblings[self.index : self.index + 1] = [] if self.new is None else [self.new]
        yield
        siblings[:] = before


def mutants(
    tree: ast.AST, line: int = 0, function: int | None = None, *, classed: bool = False
) -> Iterator[Mutant]:
    """The mutants of a tree, in the order of its text."""
    for field, index, child in _children(tree):
        if _left_out(tree, field, child):
            continue
        within, at = function, getattr(child, "lineno", line)
        if isinstance(tree, ast.FunctionDef) and field == "body":
            within = min([tree.lineno, *(one.lineno for one in tree.decorator_list)])
        for new in _changed(child, field, inside=within is not None):
            if new is not None:
                ast.copy_location(new, child)
                ast.fix_missing_locations(new)
            yield Mutant(
                parent=tree,
                field=field,
                index=index,
                old=child,
                new=new,
                line=at,
                function=within,
                classed=classed and within is None,
            )
        yield from mutants(child, at, within, classed=classed or isinstance(child, ast.ClassDef))


def _children(tree: ast.AST) -> Iterator[tuple[str, int | None, ast.AST]]:
    for field, value in ast.iter_fields(tree):
        if field in TYPING:
            continue
        if isinstance(value, ast.AST):
            yield field, None, value
        elif isinstance(value, list):
            yield from ((field, index, one) for index, one in enumerate(value) if isinstance(one, ast.AST))


def _left_out(parent: ast.AST, field: str, child: ast.AST) -> bool:  # noqa: PLR0911 - one a rule
    match child:
        case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant()):
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.Assign(targets=[ast.Name(id=name)]) if name in UNMEASURED or name == "__all__":
            return True
        case ast.keyword(arg=name) if name in WORDED:
            return True
        case ast.Call(func=ast.Name(id="TypeVar" | "cast")):
            return True
        case ast.Constant() | ast.JoinedStr() if field == "args" and _worded(parent):
            return True
    return (field == "decorator_list" and _called(child) == "dataclass") or field == "format_spec"


def _worded(call: ast.AST) -> bool:
    """Whether what this calls takes words for people: an error or the log."""
    if not isinstance(call, ast.Call):
        return False
    logged = isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "") == "log"
    return logged or _called(call).endswith("Error") or _called(call) in REFUSALS


def _called(call: ast.AST) -> str:
    name = call.func if isinstance(call, ast.Call) else call
    return getattr(name, "attr", getattr(name, "id", ""))


def _changed(node: ast.AST, field: str, *, inside: bool) -> Iterator[ast.AST | None]:
    """What may stand in the place of a node; None: nothing."""
    if type(node) in OTHERS:
        yield OTHERS[type(node)]()
    if field in {"test", "ifs"} and not _negates_itself(node):
        yield ast.UnaryOp(ast.Not(), node)
    if isinstance(node, ast.stmt):
        yield from _of_statement(node, inside=inside)
        return
    match node:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.Constant(value=value) if (other := _other(value)) is not None:
            yield ast.Constant(other)
        case ast.keyword(arg=str()):
            yield None
        case ast.Call():
            yield from _of_call(node)


def _of_call(call: ast.Call) -> Iterator[ast.AST]:
    if len(call.args) > 1 and not isinstance(call.args[-1], ast.Starred) and not _worded(call):
        yield ast.Call(call.func, call.args[:-1], call.keywords)
    if (name := NAMES.get(_called(call))) is None:
        return
    renamed = (
        ast.Attribute(call.func.value, name, ast.Load())
        if isinstance(call.func, ast.Attribute)
        else ast.Name(name, ast.Load())
    )
    yield ast.Call(renamed, call.args, call.keywords)


def _of_statement(node: ast.stmt, *, inside: bool) -> Iterator[ast.AST]:  # noqa: C901 - one a kind
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id="log")))):
            return
        case ast.Expr(value=ast.Call()) | ast.Raise() | ast.Delete():
            yield ast.Pass()
        case ast.Return(value=ast.expr() as value) if not _constant(value):
            yield ast.Return(ast.Constant(None))
        case ast.Assign(targets=targets, value=value) if inside and not _constant(value):
            yield ast.Assign(targets, ast.Constant(None))
        case ast.AnnAssign(target=target, value=ast.expr() as value) if inside and not _constant(value):
            yield ast.Assign([target], ast.Constant(None))
        case ast.AugAssign(target=target, value=value):
            yield ast.Assign([target], value)
        case ast.Continue():
            yield ast.Break()
        case ast.Break():
            yield ast.Continue()


def _constant(value: ast.expr) -> bool:
    """Whether it is one: nothing stands for less than it does."""
    return isinstance(value, ast.Constant)


def _negates_itself(test: ast.AST) -> bool:
    """Whether another change of this condition is its negation already."""
    if isinstance(test, ast.Compare):
        return len(test.ops) == 1 and isinstance(test.ops[0], NEGATED)
    return isinstance(test, ast.UnaryOp | ast.Constant)


def _other(value: object) -> object:
    """Another constant of the same kind; None: there is none."""
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case str():
            return f"XX{value}XX" if value else "XX"
        case bytes():
            return b"XX" + value
    return None


def _text(node: ast.AST) -> str:
    named = isinstance(node, ast.operator | ast.cmpop | ast.boolop)
    told = " ".join((type(node).__name__ if named else ast.unparse(node)).split())
    return told if len(told) <= 70 else f"{told[:69]}…"
