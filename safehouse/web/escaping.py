"""Every value a template shows is escaped, as Jinja does it, but without what Jinja does besides.

Its own function wraps each escaped text into an object that remembers it is safe. Text on its way into the page needs
no such memory: it is joined at once. A list shows four hundred values, and the wrapping cost more than the escaping.
"""

from flask import Flask
from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from markupsafe import Markup, _escape_inner, escape


def escaped(value: object) -> str:
    """What `markupsafe.escape` says, as plain text or as the markup it was given."""
    kind = type(value)
    if kind is str:
        return _escape_inner(value)  # type: ignore[arg-type]
    return value if kind is Markup else escape(value)  # type: ignore[return-value]


class Writer(CodeGenerator):
    """Writes templates whose shown values go through `escaped`; where escaping is not certain, Jinja's own way."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.escaped(")
        else:
            super()._output_child_pre(node, frame, finalize)

    def visit_Block(self, node: nodes.Block, frame: Frame) -> None:  # noqa: N802 - the name Jinja calls
        """A block that is gathered is gathered at once; Jinja's own way takes its thousand pieces one by one."""
        if frame.buffer is None or frame.toplevel or node.scoped or node.required or self.environment.is_async:
            super().visit_Block(node, frame)
        else:
            pieces = f"context.blocks[{node.name!r}][0]({self.get_context_ref()})"
            self.writeline(f"{frame.buffer}.extend({pieces})", node)


class Drawn(Template):
    """Our macros read their arguments and what all templates share, so one set of them serves every page.

    Jinja looks anew on each page whether there is something more they might read.
    """

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


class Escaping(Environment):
    template_class = Drawn
    code_generator_class = Writer
    escaped = staticmethod(escaped)


def init_app(app: Flask) -> None:
    """Before the first template: what is compiled stays as it was compiled."""
    app.jinja_environment = Escaping
