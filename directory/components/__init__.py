"""Components of a project and their activities, with what each has to reach."""
