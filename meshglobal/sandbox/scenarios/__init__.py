"""What an embedded mesh begins with: the sample applications, or a file of one's own, in a healthy peered mesh."""

from meshglobal.sandbox.scenarios.documents import ScenarioError
from meshglobal.sandbox.scenarios.loading import BUILT_IN, Scenario, load_scenario
from meshglobal.sandbox.scenarios.seeding import seed

__all__ = ["BUILT_IN", "Scenario", "ScenarioError", "load_scenario", "seed"]
