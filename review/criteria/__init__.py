"""The criteria ("vurderingskriterier") a round's proposals are judged by."""
