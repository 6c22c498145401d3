# Nobody to consult: the customer is back with you within a second, each time.
title    The colleague is busy, and the next one declines
customer Ms Ortiz  +12025550141
you                +12025550101  like line
target   Sales     +12025550111  like busy
target   Maria     +12025550151

Ms Ortiz rings in
wait until the call is RING
press a
wait until the call is TALK
press c for Sales
wait until Ms Ortiz hears hold sound
wait until Sales is away
wait until Ms Ortiz hears you, within 1 second
wait until the call is TALK
moment Sales was busy, and she is back with you
  the call is TALK
  the line is IN
  Ms Ortiz hears you
  you hear Ms Ortiz
  Sales is away
  Maria is away
  keys c h k o space x

press c for Maria
wait until Maria is ringing
wait until Ms Ortiz hears hold sound
moment Maria's phone rings
  the call is CALLING
  the line is IN
  Ms Ortiz hears hold sound
  you hear nothing
  Sales is away
  Maria is ringing
  keys b s space x

Maria declines
wait until Ms Ortiz hears you, within 1 second
wait until the call is TALK
moment Maria declined, and she is back with you again
  the call is TALK
  the line is IN
  Ms Ortiz hears you
  you hear Ms Ortiz
  Sales is away
  Maria is away
  keys c h k o space x
