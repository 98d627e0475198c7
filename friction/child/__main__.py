"""`python -m friction.child`."""

from __future__ import annotations

from friction.child.run import end, main

end(main())
