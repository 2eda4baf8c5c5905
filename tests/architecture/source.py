"""Reading our own code without running it."""

import ast
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "safehouse"
TEMPLATES = ROOT / "templates"
MODULES = tuple(sorted(PACKAGE.rglob("*.py")))


@lru_cache(maxsize=512)
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def named(path: Path) -> str:
    """How a module is called in the lists of these tests: `access/operations/acts.py`."""
    return path.relative_to(PACKAGE).as_posix()


def imports_of(tree: ast.AST) -> set[str]:
    """Everything a module imports, with full names, wherever in the file it does."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            found |= {"." * node.level + f"{node.module or ''}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def methods_called(tree: ast.AST) -> set[str]:
    """`commit` for `session.commit()`."""
    return {
        node.func.attr for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }


def names_called(tree: ast.AST) -> set[str]:
    """`record` for `record(...)`."""
    return {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    return (node for node in tree.body if isinstance(node, ast.FunctionDef))


def is_kind(path: Path, kind: str) -> bool:
    """Whether this is a file of that kind, alone or in a folder of that name: `rules.py`, `rules/fitting.py`."""
    return kind in (path.stem, *path.relative_to(PACKAGE).parts[:-1])
