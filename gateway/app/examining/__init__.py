"""What 'gateway doctor' looks at: one module for each subject, and the table of all looks."""
