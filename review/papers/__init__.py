"""The committee's papers ("sagsmateriale") and minutes ("referat")."""
