"""Links to where an entry is edited on the code host, by the host's own shape of address."""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

TREE = re.compile(r"/(?:-/)?(?:tree|src|blob)/(?P<branch>[^/]+)(?:/(?P<folder>.*))?$")


@dataclass(frozen=True)
class Repository:
    """`[site] repository`: `https://github.com/acme/pool`.

    With a branch other than main, or a workspace that isn't at the repository's top, the address of that folder:
    `https://gitlab.com/acme/all/-/tree/trunk/pool`.
    """

    base: str = ""
    branch: str = "main"
    folder: str = ""
    middle: str = "/edit/"

    @classmethod
    def of(cls, address: str) -> "Repository":
        """Read an address; one that isn't of the web gives no links."""
        parts = urlsplit(address.strip())
        if parts.scheme not in ("https", "http") or not parts.netloc:
            return cls()
        path = parts.path.rstrip("/").removesuffix(".git")
        found = TREE.search(path)
        base = f"{parts.scheme}://{parts.netloc}{path[: found.start()] if found else path}"
        middle = "/-/edit/" if "gitlab" in parts.netloc or "/-/" in path else "/edit/"
        return cls(base, found["branch"] if found else "main", (found["folder"] or "") if found else "", middle)

    def edit(self, path: str) -> str:
        """Where a file of the workspace is edited; empty where there is no repository."""
        if not self.base or not path:
            return ""
        inside = "/".join(part for part in (self.folder.strip("/"), path) if part)
        return f"{self.base}{self.middle}{quote(self.branch, safe='')}/{quote(inside)}"
