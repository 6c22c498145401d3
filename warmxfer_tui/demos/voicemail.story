# A greeting that nobody should hear but you: a held customer never meets a machine.
title    A voicemail answers, and the customer never hears it
customer Ms Ortiz  +12025550141
you                +12025550101  like line
target   Accounts  +12025550114  like voicemail

Ms Ortiz rings in
wait until the call is RING
press a
wait until the call is TALK
press c for Accounts
wait until Accounts is ringing
wait until Ms Ortiz hears hold sound
wait until the call is CONSULT
moment You hear the greeting, she hears music
  the call is CONSULT
  the line is IN
  Ms Ortiz hears hold sound
  you hear Accounts
  Accounts hears you
  keys b k m s space t x

3 seconds pass
press b
wait until Ms Ortiz hears you
wait until Accounts is away
wait until the call is TALK
moment Back with her, and nobody has met
  the call is TALK
  the line is IN
  Ms Ortiz hears you
  you hear Ms Ortiz
  Accounts is away
  keys c h k o space x
