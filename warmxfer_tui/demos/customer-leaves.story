# She hangs up while she waits. You and the colleague stay together, and nothing is offered that needs her.
title    The customer hangs up during the consult
customer Ms Ortiz  +12025550141
you                +12025550101  like line
target   Maria     +12025550151

Ms Ortiz rings in
wait until the call is RING
press a
wait until the call is TALK
press c for Maria
wait until Maria is ringing
Maria answers
wait until the call is CONSULT
10 seconds pass
Ms Ortiz hangs up
wait until Ms Ortiz is away
moment She is gone, and you are still with Maria
  the call is CONSULT
  the line is IN
  Ms Ortiz is away
  you hear Maria
  Maria hears you
  keys b k space x

Maria hangs up
wait until Maria is away
wait until the line is PARKED
wait until you hear nothing
moment It is over
  the call is WRAP
  the line is PARKED
  Ms Ortiz is away
  you hear nothing
  Maria is away
  keys d
