# The whole job, as it should go. Nobody is ever in silence, and nobody hears what is not for them.
title    A warm transfer: hold, consult, merge, complete
customer Ms Ortiz  +12025550141
you                +12025550101  like line    # answers, and presses a digit on hearing our voice
target   Maria     +12025550151

Ms Ortiz rings in
wait until the call is RING
moment The phone rings
  the call is RING
  the line is DOWN
  Ms Ortiz is ringing
  you are away
  Maria is away
  keys a r

press a                                       # your own phone rings first, then she is answered
wait until the call is TALK
wait until you hear Ms Ortiz                  # and no longer our voice
moment You talk with Ms Ortiz
  the call is TALK
  the line is IN
  Ms Ortiz hears you
  you hear Ms Ortiz
  Maria is away
  keys c h k o space x

20 seconds pass
press h
wait until the call is HELD
moment She is on hold
  the call is HELD
  the line is IN
  Ms Ortiz hears hold sound
  you hear nothing
  Maria is away
  keys c h k space x

press c for Maria
wait until Maria is ringing
wait until the call is CALLING
moment Maria's phone rings, and Ms Ortiz hears music
  the call is CALLING
  the line is IN
  Ms Ortiz hears hold sound
  you hear nothing
  Maria is ringing
  keys b s space x

5 seconds pass
Maria answers
wait until the call is CONSULT
moment A word in private
  the call is CONSULT
  the line is IN
  Ms Ortiz hears hold sound
  you hear Maria
  Maria hears you
  keys b k m s space t x

15 seconds pass
press m
wait until the call is THREE
moment All three talk
  the call is THREE
  the line is IN
  Ms Ortiz hears Maria and you
  you hear Maria and Ms Ortiz
  Maria hears Ms Ortiz and you
  keys h k space t x

10 seconds pass
press t
wait until the call is WATCH
moment You are out of it, and they talk on
  the call is WATCH
  the line is PARKED
  Ms Ortiz hears Maria
  you hear nothing
  Maria hears Ms Ortiz
  keys k x

100 seconds must pass                         # after 90 of them the transfer counts as completed
Ms Ortiz hangs up
wait until Maria is away
moment It is over, and your line waits for the next call
  the call is WRAP
  the line is PARKED
  Ms Ortiz is away
  you hear nothing
  Maria is away
  keys d
