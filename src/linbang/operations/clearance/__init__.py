"""Who may go: trainings, licences, insurance, agreements, vetting, guardians, age, pauses."""
