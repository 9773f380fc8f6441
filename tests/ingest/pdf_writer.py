"""A few words at given places become a PDF of base-14 fonts: enough to test how pages are read."""

from dataclasses import dataclass, field

WIDTH, HEIGHT = 612, 792


@dataclass
class Pdf:
    """Pages of placed words; ``y`` counts from the foot of a page of 612 x 792 points.

    The words run so many quarter ``turns`` to the left, as on a sheet that lies on its side, and the pages
    are shown ``rotated`` by so many degrees to the right.
    """

    info: dict[str, str] = field(default_factory=dict)
    turns: int = 0
    rotated: int = 0
    pages: list[list[str]] = field(default_factory=list)

    def page(self) -> "Pdf":
        self.pages.append([])
        return self

    def put(self, x: float, y: float, text: str, *, size: float = 10, bold: bool = False) -> "Pdf":
        raw = text.encode("cp1252").hex()
        font = f"/{'B' if bold else 'R'} {size} Tf"
        self.pages[-1].append(f"BT {font} {_matrix(self.turns, x, y)} Tm <{raw}> Tj ET")
        return self

    def aslant(self, x: float, y: float, text: str, *, size: float = 10) -> "Pdf":
        self.pages[-1].append(f"BT /R {size} Tf .7 .7 -.7 .7 {x} {y} Tm ({text}) Tj ET")
        return self

    def column(self, x: float, y: float, lines: list[str], *, size: float = 10, bold: bool = False) -> "Pdf":
        for number, line in enumerate(lines):
            self.put(x, y - 12 * number, line, size=size, bold=bold)
        return self

    def bytes(self) -> bytes:
        kids = " ".join(f"{6 + 2 * number} 0 R" for number in range(len(self.pages)))
        fonts = "<< /R 3 0 R /B 4 0 R >>"
        objects = [
            "<< /Type /Catalog /Pages 2 0 R >>",
            f"<< /Type /Pages /Count {len(self.pages)} /Kids [{kids}] >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
            "<< " + " ".join(f"/{name} ({value})" for name, value in self.info.items()) + " >>",
        ]
        for number, content in enumerate(self.pages):
            stream = "\n".join(content)
            objects.append(
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Rotate {self.rotated} "
                f"/Resources << /Font {fonts} >> /Contents {7 + 2 * number} 0 R >>"
            )
            objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        return _file(objects)


def _matrix(turns: int, x: float, y: float) -> str:
    """Of words at a place of the sheet as it lies."""
    return (
        f"1 0 0 1 {x} {y}",
        f"0 1 -1 0 {WIDTH - y} {x}",
        f"-1 0 0 -1 {WIDTH - x} {HEIGHT - y}",
        f"0 -1 1 0 {y} {HEIGHT - x}",
    )[turns]


def _file(objects: list[str]) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, text in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1")
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 5 0 R >>\n".encode()
    out += f"startxref\n{start}\n%%EOF\n".encode()
    return bytes(out)
