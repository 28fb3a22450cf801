"""Deploy automations with their connections: plan without changing anything, then carry out the steps."""
