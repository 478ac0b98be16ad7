"""How nbgrader treats the student edition. The folder ``student`` beside this file holds the assignments."""

import os

c = get_config()  # noqa: F821  (nbgrader defines it)

c.CourseDirectory.course_id = "from-autoencoders-to-neural-odes"
c.CourseDirectory.source_directory = "student"

# Stubs are written as students shall find them: nothing is cleared that could take them away.
c.GenerateAssignment.preprocessors = [
    f"nbgrader.preprocessors.{name}"
    for name in (
        "IncludeHeaderFooter",
        "LockCells",
        "ClearOutput",
        "CheckCellMetadata",
        "ComputeChecksums",
        "SaveCells",
    )
]

# A check is a verdict for a student and an error for the grader, who gives no points where a cell raises one.
os.environ["COURSE_GRADING"] = "1"

c.Execute.timeout = 300  # seconds for one cell; some cells train a network
