"""Every text on a screen passes the layer that escapes it (screens/frame/text.py), and what the layer does."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from scorecard.addresses import web_address
from screens.frame.text import bulleted, code, escaped, joined, link, marked

ROOT = Path(__file__).parents[3]
LAYER = {"escaped", "marked", "joined", "bulleted", "code", "link"}
COUNTED = {"len", "sum", "int", "round", "float"}  # numbers, whatever they are given
NUMERIC = tuple("fFeEdgGn%")  # a format that refuses text

# Streamlit's calls that read a text as Markdown, with the names of those arguments; the first is the one by place.
BODY: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("markdown", "write", "caption", "title", "header", "subheader", "toast", "info", "warning", "error"),
        ("body",),
    ),
    **dict.fromkeys(("success", "badge"), ("body",)),
    **dict.fromkeys(("spinner", "progress"), ("text",)),
    **dict.fromkeys(
        (
            *("expander", "popover", "button", "download_button", "form_submit_button", "link_button"),
            *("checkbox", "toggle", "radio", "selectbox", "multiselect", "slider", "select_slider", "pills"),
            *("text_input", "text_area", "number_input", "date_input", "time_input", "file_uploader", "tabs"),
            *("segmented_control", "metric", "status", "page_link", "data_editor", "image", "color_picker"),
        ),
        ("label",),
    ),
}
EVERYWHERE = ("help", "caption", "captions", "text", "delta")
FORMATTED = ("radio", "pills", "segmented_control")  # whose options are Markdown as well
NO_LABEL = ("data_editor", "image", "page_link")  # what stands first in them is no text
FORBIDDEN = ("unsafe_allow_html", "unsafe_allow_javascript")


def files() -> list[Path]:
    found = [*ROOT.glob("screens/**/*.py"), *ROOT.glob("pages/*.py"), ROOT / "app.py"]
    return sorted(path for path in found if path != ROOT / "screens" / "frame" / "text.py")


def holes(text: str) -> Iterator[str]:
    """Where a text reaches the screen without having passed the layer: line and words."""
    addressed: set[int] = set()
    for node in ast.walk(ast.parse(text)):  # breadth first: a call before its arguments
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("link", "web_address"):
            addressed |= {id(part) for argument in node.args for part in ast.walk(argument)}
        own = isinstance(node, ast.Attribute) and ast.unparse(node) == "st.context.url"
        if isinstance(node, ast.Attribute) and node.attr == "url" and id(node) not in addressed and not own:
            yield f"{node.lineno}: {ast.unparse(node)} without `link` or `web_address`"
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute) and node.func.attr == "LinkColumn":
            yield f"{node.lineno}: LinkColumn instead of link_column, which shows the host"
        if isinstance(node.func, ast.Name) and node.func.id == "marked":
            yield from (f"{node.lineno}: {ast.unparse(a)}" for a in node.args if not sound(a))
        if not isinstance(node.func, ast.Attribute):
            continue
        name = node.func.attr
        yield from (f"{node.lineno}: {k.arg}" for k in node.keywords if k.arg in FORBIDDEN)
        if name == "html" and not all(built(a) for a in node.args):
            yield f"{node.lineno}: html of something that is no constant and was not built by `element`"
        if name not in BODY or not drawn(node.func.value):
            continue
        placed = node.args[1:2] if name == "progress" else node.args[:1]
        texts = [] if name in NO_LABEL else list(placed)
        texts += [k.value for k in node.keywords if k.arg in (*BODY[name], *EVERYWHERE)]
        if name in FORMATTED:
            options = node.args[1:2] + [k.value for k in node.keywords if k.arg == "options"]
            ways = [k.value for k in node.keywords if k.arg == "format_func"]
            texts += ways or options
        yield from (f"{node.lineno}: {name}({ast.unparse(t)})" for t in texts if not sound(t))


def built(node: ast.expr) -> bool:
    """Whether HTML is a constant, or made by `element`, which escapes all that is in it."""
    if isinstance(node, ast.Call):
        return ast.unparse(node.func) == "element"
    return isinstance(node, ast.Name) and node.id.isupper()


def drawn(value: ast.expr) -> bool:
    """Whether it is Streamlit or a place of it that is called: not a string, a list or a module of ours."""
    return not isinstance(value, ast.Constant | ast.JoinedStr)


def sound(node: ast.expr) -> bool:
    """Whether a text is a literal, or made of literals, numbers and what passed the layer."""
    match node:
        case ast.Constant():
            return True
        case ast.JoinedStr(values=values):
            return all(sound(part) for part in values)
        case ast.FormattedValue(
            value=value, format_spec=ast.JoinedStr(values=[ast.Constant(value=str(spec))])
        ):
            return spec.endswith(NUMERIC) or sound(value)
        case ast.FormattedValue(value=value, format_spec=None):
            return sound(value)
        case ast.Call(func=ast.Name(id=name)):
            return name in LAYER or name in COUNTED
        case ast.Name(id=name):
            return name in LAYER or name.isupper()  # the layer's function itself, as format_func; a constant
        case ast.ListComp(elt=elt):
            return sound(elt)
        case ast.Lambda(body=body):
            return sound(body)
        case ast.IfExp(body=body, orelse=orelse):
            return sound(body) and sound(orelse)
        case ast.BoolOp(values=values):
            return all(sound(value) for value in values)
        case ast.BinOp(left=left, right=right):
            return sound(left) and sound(right)
        case ast.List(elts=elts) | ast.Tuple(elts=elts):
            return all(sound(one) for one in elts)
    return False


@pytest.mark.parametrize("path", files(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_text_on_a_screen_passes_the_layer(path: Path) -> None:
    assert list(holes(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "hole",
    [
        "st.caption(system.name)",
        "left.markdown(f'**{system.name}**')",
        "st.error(str(error))",
        "st.text_input('Name', help=f'as in {name}')",
        "st.markdown(' '.join(words))",
        "st.tabs([name])",
        "st.radio('Which', names)",
        "st.progress(0.5, text=f'Reading {what}')",
        "st.caption(f'{name:>10}')",
        "st.markdown('a', unsafe_allow_html=True)",
        "st.html(f'<b>{name}</b>')",
        "marked(f'**{name}**')",
        "st.markdown(f'[{escaped(source.title)}]({web_address(source.url)})')",
        "column_config = {'address': st.column_config.LinkColumn()}",
        "rows = [{'address': source.url}]",
    ],
)
def test_a_text_that_passes_the_layer_by_is_found(hole: str) -> None:
    assert len(list(holes(hole))) == 1


@pytest.mark.parametrize(
    "passed",
    [
        "st.caption(escaped(system.name))",
        "st.markdown(f'**{escaped(name)}** has {len(found)} readings, {share:.2f} of all')",
        "st.radio('Which', names, format_func=lambda id: escaped(names[id]))",
        "st.markdown(joined(' ', names) if names else 'none')",
        "st.caption(f'Source: {link(source.title, source.url)}')",
        "rows = [{'address': web_address(source.url)}]",
        "'a'.title()",
    ],
)
def test_a_text_that_passes_the_layer_is_let_through(passed: str) -> None:
    assert list(holes(passed)) == []


def test_escaping_twice_is_escaping_once() -> None:
    once = escaped("a *b* [c](http://d.example)")
    assert escaped(once) == once
    assert marked(f"**{once}**") == f"**{once}**"
    assert joined(", ", ["*", once]) == rf"\*, {once}"
    assert bulleted(["*", once]) == f"- \\*\n- {once}"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1. one", r"1\. one"),
        ("- one\n+ two\n=====", "\\- one\n\\+ two\n\\====="),
        ("    indented code", "indented code"),
        ("see http://x.example", r"see http:color[\:]//x.example"),
        ("www.x.example", r"www:color[\.]x.example"),
        ("chair@x.example", r"chair:color[\@]x.example"),
        (
            ":material/home: :smile: :streamlit:",
            r":color[\:]material/home: :color[\:]smile: :color[\:]streamlit\:",
        ),
        ("at 10:30, $5 & <b>", r"at 10\:30, \$5 \& \<b\>"),
        ("name\u202efdp.exe\x07", "name\ufffdfdp.exe\ufffd"),
    ],
)
def test_text_is_shown_letter_by_letter(text: str, shown: str) -> None:
    """What the browser makes of it is looked at in tests/browser/outside/test_poisoned.py."""
    assert escaped(text) == shown


def test_code_cannot_be_left() -> None:
    assert code("a ` b ``c") == "``` a ` b ``c ```"
    assert code("a\n\n# b") == "`a # b`"


def test_a_link_says_where_it_leads() -> None:
    assert link("A report", "https://x.example/a(b)") == "[A report](https://x.example/a%28b%29) (x.example)"
    for address in (
        "javascript:alert(1)",
        "urn:sha256:0",
        "https://x.example/) ![p](http://y.example/p.png)",
    ):
        assert link("[T](http://y.example)", address) == escaped("[T](http://y.example)")
    assert link("https://x.example/a_b", "https://x.example/a_b") == (
        r"[https:color[\:]//x.example/a\_b](https://x.example/a_b)"
    )


@pytest.mark.parametrize(
    ("address", "encoded"),
    [
        ("https://example.org/report?a=1&b=%20#part", "https://example.org/report?a=1&b=%20#part"),
        ("http://EXAMPLE.org:8443/x", "http://example.org:8443/x"),
        ("https://example.org/straße", "https://example.org/stra%C3%9Fe"),
        ("https://exаmple.org/", "https://xn--exmple-4nf.org/"),  # a Cyrillic letter
        ("https://bank.example@elsewhere.example/", None),
        ("https://example.org/) ![i](http://y.example/i.png", None),
        ("https://example.org/a b", None),
        ("https:///path", None),
        ("https://example.org:port/", None),
        ("//example.org/", None),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("https://example.org/\u202egpj", None),
        ("", None),
        (None, None),
    ],
)
def test_addresses_are_taken_apart_and_encoded(address: str | None, encoded: str | None) -> None:
    assert web_address(address) == encoded
