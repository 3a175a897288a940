"""What is measured, how, and the results with machine and date."""
