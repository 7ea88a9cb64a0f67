import TransitionIR

// In this module these words mean the transition system's; the syntax tree's are not used here.
typealias Expression = TransitionIR.Expression
typealias Statement = TransitionIR.Statement
typealias Property = TransitionIR.Property
