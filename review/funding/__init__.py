"""What each funder is asked, and answers ("særskilt godkendelse")."""
