"""Whether a print manifest adds up, as a print house would count it."""

from delivery.channels.paper.print_manifest import LotFile, MailPiece, PrintManifest, postage_of


def disagreements(manifest: PrintManifest) -> list[str]:
    """Return what does not add up in a manifest, in words; an empty list when all is well."""
    wrong = []
    if [piece.n for piece in manifest.pieces] != list(range(1, manifest.letters + 1)):
        wrong.append(f"the sets are not numbered from 1 to {manifest.letters}")
    if sum(piece.sheets for piece in manifest.pieces) != manifest.sheets:
        wrong.append(f"the letters' sheets do not add up to {manifest.sheets}")
    if postage_of(manifest.pieces) != manifest.postage:
        wrong.append("the postal classes do not add up")
    for number, file in enumerate(manifest.files, 1):
        wrong += _wrong_in(file, [piece for piece in manifest.pieces if piece.file == number])
    if sum(file.letters for file in manifest.files) != manifest.letters:
        wrong.append(f"the files' letters do not add up to {manifest.letters}")
    return wrong


def _wrong_in(file: LotFile, pieces: list[MailPiece]) -> list[str]:
    wrong = []
    if [piece.n for piece in pieces] != list(range(file.first_set, file.first_set + file.letters)):
        wrong.append(f"{file.pdf} does not hold its {file.letters} sets")
    if sum(piece.sheets for piece in pieces) != file.sheets:
        wrong.append(f"{file.pdf}: its letters' sheets do not add up to {file.sheets}")
    at = 1
    for piece in pieces:
        if piece.first_page != at or piece.pages != piece.sheets * file.ticket.sides:
            wrong.append(f"{file.pdf}: set {piece.n} does not lie where it should")
        at += piece.pages
    if at - 1 != file.pages:
        wrong.append(f"{file.pdf}: its letters' pages do not add up to {file.pages}")
    return wrong
