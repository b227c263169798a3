"""Tables, figures and pages made from what is stored. Floor 3: knows no model, so that they can be remade in a year."""
