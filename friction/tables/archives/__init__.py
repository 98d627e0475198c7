"""Archives and compressed files, opened piece by piece within limits.

Hostile archives are small and unpack to more than a disk holds, share bytes between members, contain
themselves, or name files outside their folder. So everything here is a stream that counts what it gives,
no name from inside is ever a path, and nothing but plain files is given out at all.
"""

from friction.tables.archives.base import Budget, Damaged, Member
from friction.tables.archives.inflate import inflated
from friction.tables.archives.kinds import COMPRESSIONS, HEAD_BYTES, kind
from friction.tables.archives.walk import members

__all__ = ["COMPRESSIONS", "HEAD_BYTES", "Budget", "Damaged", "Member", "inflated", "kind", "members"]
