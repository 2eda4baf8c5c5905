"""The form of a page as a browser holds it: what is filled in, and how many presses it takes to send something else."""

from html.parser import HTMLParser


class _Reader(HTMLParser):
    """The fields of the form `#work`, as they would be sent if nobody touched them."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = False
        self.sent: dict[str, str] = {}
        self.choices: dict[str, set[str]] = {}
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self.inside = found.get("id") == "work"
        if not self.inside or "name" not in found:
            return
        name, value = str(found["name"]), str(found.get("value") or "")
        if tag == "textarea":
            self.sent[name], self._area = "", name
        elif tag == "input" and found.get("type") in {"radio", "checkbox"}:
            self.choices.setdefault(name, set()).add(value)
            if "checked" in found:
                self.sent[name] = value
        elif tag == "input":
            self.sent[name] = value

    def handle_data(self, data: str) -> None:
        if self._area:
            self.sent[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area:
            self.sent[self._area] = self.sent[self._area].strip()
            self._area = ""
        if tag == "form":
            self.inside = False


class Filled:
    """`press` chooses what is offered; `type` writes; `presses` counts the button as well."""

    def __init__(self, page: str) -> None:
        reader = _Reader()
        reader.feed(page)
        assert "csrf_token" in reader.sent, "the page has no form to work on"
        self.sent, self._choices = reader.sent, reader.choices
        self.presses, self.typed = 1, 0

    def press(self, name: str, value: str = "y") -> "Filled":
        assert value in self._choices[name], f"{value} is not offered for {name}"
        self.sent[name] = value
        self.presses += 1
        return self

    def type(self, **written: str) -> "Filled":
        for name, text in written.items():
            assert name.replace("__", "-") in self.sent, name
            self.sent[name.replace("__", "-")] = text
            self.typed += 1
        return self

    def offered(self, name: str) -> set[str]:
        return self._choices.get(name, set())

    def shown(self, name: str) -> str | None:
        return self.sent.get(name)
