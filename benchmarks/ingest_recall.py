"""How much of a report survives the reading of its PDF: bag of words against its Markdown twin.

    python benchmarks/ingest_recall.py [FOLDER]

FOLDER (default: ../shared/corpora/crs beside the repository) holds NAME.pdf and NAME.md pairs.
A twin's body is its text from the last chrome line ("[Listen]", "[PDF Version History]", the version list)
to the "Disclaimer:" tail, without Markdown marks and link targets but with the link texts. Lines of its table
of contents (links to "#_Toc…") and image links are left out. From both readings of the PDF the disclaimer is
cut at the same word, because the twin's is cut too; nothing else is.
Words are runs of letters and digits, case and quotes folded; hyphens part words.
Recall = share of the twin's words found; precision = share of the PDF's words that the twin has.
The baseline in the same run is everything that PDFium gives, page by page, disclaimer cut the same way.
"""

import re
import sys
from collections import Counter
from pathlib import Path
from statistics import median

import pypdfium2 as pdfium

from qa_service.domain.document import Ingested
from qa_service.ingest import read

_FOLDER = Path(__file__).resolve().parents[2] / "shared" / "corpora" / "crs"
_CHROME = re.compile(r"^.*(?:\[Listen\]|\[PDF Version History\]|\(\S+ - Version: \d+\)).*$", re.MULTILINE)
_LINK = re.compile(r"(!?)\[([^\]\[]*)\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*\)")
_TOC = re.compile(r"^\s*-?\s*\[[^\]]*\]\([^)]*#_Toc\d+\).*$", re.MULTILINE)


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"[^\W_]+", text.casefold().replace("’", "").replace("'", "")))


def twin_body(markdown: str) -> str:
    chrome = list(_CHROME.finditer(markdown))
    body = markdown[chrome[-1].end() if chrome else 0 :]
    body = _TOC.sub("", body.rpartition("Disclaimer:")[0] or body)
    body = _LINK.sub(lambda link: "" if link[1] else link[2], body)
    return re.sub(r"\*{2,}|^#+|<[^<>]*>", " ", body, flags=re.MULTILINE)


def without_disclaimer(text: str) -> str:
    head, found, _ = text.rpartition("Disclaimer")
    return head if found and len(head) > 0.5 * len(text) else text


def everything(path: Path) -> str:
    with pdfium.PdfDocument(path) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def score(found: Counter[str], wanted: Counter[str]) -> tuple[float, float]:
    common = (found & wanted).total()
    return common / max(wanted.total(), 1), common / max(found.total(), 1)


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else _FOLDER
    rows = []
    for pdf in sorted(folder.glob("*.pdf")):
        wanted = words(twin_body(pdf.with_suffix(".md").read_text(encoding="utf-8")))
        taken = next(read(pdf))
        text = taken.document.text if isinstance(taken, Ingested) else ""
        ours, all_text = (
            score(words(without_disclaimer(found)), wanted) for found in (text, everything(pdf))
        )
        rows.append((*ours, *all_text))
        print(f"{pdf.stem:12} ingest recall {ours[0]:.4f} precision {ours[1]:.4f}   "
              f"all PDFium text {all_text[0]:.4f} {all_text[1]:.4f}")  # fmt: skip
        if "-v" in sys.argv[2:]:
            got = words(without_disclaimer(text))
            print("   missing", (wanted - got).most_common(25), "\n   extra", (got - wanted).most_common(25))
    medians = [median(column) for column in zip(*rows, strict=True)]
    print(f"{'median':12} ingest recall {medians[0]:.4f} precision {medians[1]:.4f}   "
          f"all PDFium text {medians[2]:.4f} {medians[3]:.4f}")  # fmt: skip


if __name__ == "__main__":
    main()
