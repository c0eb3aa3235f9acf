"""The NATS subjects between a node and its sites; a site may use its own and no other."""

from dataclasses import dataclass

READS_OF_SITES = "MORINA.reads.*"


@dataclass(frozen=True, slots=True)
class Subjects:
    """What the site of that name sends to, and where it is answered."""

    site: str

    @property
    def reads(self) -> str:
        """Reads, into the node's stream."""
        return f"MORINA.reads.{self.site}"

    @property
    def clock(self) -> str:
        """What time is it?"""
        return f"MORINA.sites.{self.site}.clock"

    @property
    def picture(self) -> str:
        """A picture to keep."""
        return f"MORINA.sites.{self.site}.picture"

    @property
    def hotlist(self) -> str:
        """The hotlist of this site, if it is another than the one at hand."""
        return f"MORINA.sites.{self.site}.hotlist"

    @property
    def rules(self) -> str:
        """What must the site hold to?"""
        return f"MORINA.sites.{self.site}.rules"

    @property
    def counts(self) -> str:
        """How many passages the site has counted and forgotten."""
        return f"MORINA.sites.{self.site}.counts"

    @property
    def state(self) -> str:
        """How the site is."""
        return f"MORINA.sites.{self.site}.state"

    @property
    def answers(self) -> str:
        """The prefix of the subjects the site is answered at."""
        return f"MORINA.to.{self.site}"
