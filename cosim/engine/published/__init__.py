"""The sub-models alone, callable with the set-ups of the works they come from.

Each file holds compiled loops over the engine's own rules and a plain face with checked arguments. Luck is addressed
as everywhere: every function that uses it takes ``seed`` and ``replicate``, and nothing depends on threads or order.

=========================  =======================================================================
``landscapes``             NK landscapes (Kauffman)
``networks``               who sees whom: line, ring, lattice, grid, complete, random, small world
``collective_search``      networks of searchers (Lazer and Friedman; Barkoczi and Galesic)
``relay_search``           diversity against ability (Hong and Page; Grim and others)
``helix``                  what each sector is worth to a solution
``talk``                   bounded confidence (Deffuant and others), attachment (Friedkin and Johnsen)
``thresholds``             joining when enough others have (Granovetter)
``spread``                 taking up what others use (Bass)
``trust``                  beta reputation with forgetting (Jøsang and Ismail)
``learning``               asymmetric optimism, identity, climate
``membership``             joining and leaving at constant chances
``organisational_code``    members and organisation learning from each other (March)
``stages``                 chains of exponential stages
``tipping``                graphs of arrows that carry themselves
=========================  =======================================================================
"""
