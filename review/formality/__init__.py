"""The secretariat's formal check ("formel kontrol")."""
