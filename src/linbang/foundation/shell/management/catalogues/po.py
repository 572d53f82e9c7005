"""Catalogue files: read, bring in step, write, check, compile."""

import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from linbang.foundation.shell.management.catalogues.sources import Source, extracted
from linbang.foundation.shell.management.catalogues.traditional import traditional

ENGLISH = "en"
TRADITIONAL = "zh_Hant"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
PLURAL_FORMS = {ENGLISH: "nplurals=2; plural=(n != 1);", TRADITIONAL: "nplurals=1; plural=0;"}

Key = tuple[str | None, str]
Wording = str | tuple[str, ...]


def update(chosen: Iterable[Source], *, known: dict[Key, Wording]) -> list[str]:
    """Bring catalogues in step with their sources; return the files that changed."""
    changed = []
    for source in chosen:
        template = extracted(source)
        if not len(template):
            continue
        wanted = {
            ENGLISH: _english(template, read(source, ENGLISH), known),
            TRADITIONAL: _traditional(template),
        }
        for locale, catalog in wanted.items():
            if _write(source, locale, catalog):
                changed.append(str(source.po_path(locale)))
    return changed


def read(source: Source, locale: str) -> Catalog:
    """Read one catalogue, empty when there is none yet."""
    path = source.po_path(locale)
    if not path.exists():
        return Catalog(locale=locale)
    return read_po(io.BytesIO(path.read_bytes()), locale=locale)


def known_english(sources: Iterable[Source]) -> dict[Key, Wording]:
    """Gather what has an English wording anywhere, so that no two apps word it twice."""
    known: dict[Key, Wording] = {}
    for source in sources:
        for message in messages(read(source, ENGLISH)):
            if _is_complete(message) and not message.fuzzy:
                known.setdefault(key(message), _wording(message))
    return known


def messages(catalog: Catalog) -> Iterator[Message]:
    """Go through the messages of a catalogue without its header."""
    return (message for message in catalog if message.id)


def key(message: Message) -> Key:
    """Name a message the way look-up does: context and singular."""
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


def _english(template: Catalog, old: Catalog, known: dict[Key, Wording]) -> Catalog:
    written = {key(message): message for message in messages(old)}
    catalog = Catalog(locale=ENGLISH)
    for message in messages(template):
        before = written.get(key(message))
        string = _wording(before) if before is not None else known.get(key(message), "")
        if message.pluralizable and isinstance(string, str):
            string = (string, string)
        elif not message.pluralizable and not isinstance(string, str):
            string = string[0] if string else ""
        _copy(message, catalog, string, flags=before.flags if before is not None else ())
    return catalog


def _traditional(template: Catalog) -> Catalog:
    catalog = Catalog(locale=TRADITIONAL)
    for message in messages(template):
        text = traditional(key(message)[1])
        _copy(message, catalog, (text,) if message.pluralizable else text)
    return catalog


def _copy(message: Message, catalog: Catalog, string: Wording, flags: Iterable[str] = ()) -> None:
    catalog.add(
        message.id,
        string,
        locations=[(file, 0) for file, _line in message.locations],
        flags=set(flags) & {"fuzzy"},
        auto_comments=message.auto_comments,
        context=message.context,
    )


def _write(source: Source, locale: str, catalog: Catalog) -> bool:
    path = source.po_path(locale)
    content = po_text(locale, catalog).encode()
    if path.exists() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return True


def po_text(locale: str, catalog: Catalog) -> str:
    """Write a catalogue without dates and line numbers, so that only wording makes a difference."""
    body = io.BytesIO()
    write_po(body, catalog, sort_output=True, width=0, omit_header=True, include_lineno=False)
    header = (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {locale}\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {PLURAL_FORMS[locale]}\\n"\n\n'
    )
    return header + body.getvalue().decode()


def problems(chosen: Iterable[Source]) -> list[str]:
    """List what keeps the catalogues from being complete, true and of one voice."""
    sources = list(chosen)
    found = []
    for source in sources:
        marked = {key(message) for message in messages(extracted(source))}
        for locale in (ENGLISH, TRADITIONAL):
            found += _out_of_step(source, locale, marked)
        for message in messages(read(source, ENGLISH)):
            found += [f"{source.name}/en: {fault}" for fault in _faults(message)]
        for message in messages(read(source, TRADITIONAL)):
            if _forms(message)[0] != traditional(key(message)[1]):
                found.append(f"{source.name}/zh_Hant: not as generated {key(message)[1]!r}")
    return found + _conflicts(sources)


def _out_of_step(source: Source, locale: str, marked: set[Key]) -> list[str]:
    present = {key(message) for message in messages(read(source, locale))}
    place = f"{source.name}/{locale}"
    return [
        *(f"{place}: missing {text!r}" for _context, text in _sorted(marked - present)),
        *(f"{place}: obsolete {text!r}" for _context, text in _sorted(present - marked)),
    ]


def _conflicts(sources: Iterable[Source]) -> list[str]:
    """List strings two apps word differently: Django merges catalogues, one would win unseen."""
    wordings: dict[tuple[Key, bool], dict[tuple[str, ...], str]] = defaultdict(dict)
    for source in sources:
        for message in messages(read(source, ENGLISH)):
            if _is_complete(message):
                same = wordings[key(message), message.pluralizable]
                same.setdefault(_forms(message), source.name)
    return [
        f"{text!r} is worded differently: "
        + ", ".join(f"{name} {forms[0]!r}" for forms, name in same.items())
        for ((_context, text), _plural), same in wordings.items()
        if len(same) > 1
    ]


def _sorted(keys: set[Key]) -> list[Key]:
    return sorted(keys, key=lambda pair: (pair[0] or "", pair[1]))


def _faults(message: Message) -> Iterator[str]:
    original = key(message)[1]
    if message.fuzzy:
        yield f"fuzzy {original!r}"
    if not _is_complete(message):
        yield f"empty {original!r}"
        return
    wanted = set(PLACEHOLDER.findall(original))
    for form in _forms(message):
        # A singular may say "one" instead of the number.
        if set(PLACEHOLDER.findall(form)) != wanted and not (
            message.pluralizable and set(PLACEHOLDER.findall(form)) < wanted
        ):
            yield f"placeholders differ in {original!r}: {form!r}"


def _wording(message: Message) -> Wording:
    return message.string if isinstance(message.string, str) else tuple(message.string or ())


def _forms(message: Message) -> tuple[str, ...]:
    wording = _wording(message)
    return (wording,) if isinstance(wording, str) else wording


def _is_complete(message: Message) -> bool:
    return bool(_forms(message)) and all(_forms(message))


def compile_all(all_sources: Iterable[Source]) -> int:
    """Write the binary catalogue beside each written one; return how many."""
    count = 0
    for source in all_sources:
        for locale in (ENGLISH, TRADITIONAL):
            path = source.po_path(locale)
            if not path.exists():
                continue
            content = io.BytesIO()
            write_mo(content, read(source, locale))
            path.with_suffix(".mo").write_bytes(content.getvalue())
            count += 1
    return count
