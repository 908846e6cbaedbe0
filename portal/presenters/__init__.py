"""Values as the portal's pages show them: amounts, dates, charts, badges."""
