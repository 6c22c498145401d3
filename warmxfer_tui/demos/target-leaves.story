# A colleague who hangs up never leaves the customer on hold, nor alone.
title    The colleague hangs up: during the consult, and just after the transfer
customer Ms Ortiz  +12025550141
you                +12025550101  like line
target   Maria     +12025550151
target   Tom       +12025550152

Ms Ortiz rings in
wait until the call is RING
press a
wait until the call is TALK
press c for Maria
wait until Maria is ringing
Maria answers
wait until the call is CONSULT
Maria hangs up
wait until Ms Ortiz hears you, within 1 second
wait until you hear Ms Ortiz and speech      # you are told that Maria is gone
wait until the call is TALK
moment Maria has left, and Ms Ortiz is back with you
  the call is TALK
  the line is IN
  Ms Ortiz hears you
  you hear Ms Ortiz and speech
  Maria is away
  Tom is away
  keys c h k o space x

press c for Tom
wait until Tom is ringing
Tom answers
wait until the call is CONSULT
press t
wait until the call is WATCH
moment Tom has her
  the call is WATCH
  the line is PARKED
  Ms Ortiz hears Tom
  you hear nothing
  Maria is away
  Tom hears Ms Ortiz
  keys k x

10 seconds pass
Tom hangs up                                  # too soon to tell a goodbye from a lost line
wait until Ms Ortiz hears hold sound, within 2 seconds
wait until Ms Ortiz hears you
wait until the call is TALK
moment She was asked to wait a moment, and has you again
  the call is TALK
  the line is IN
  Ms Ortiz hears you
  you hear Ms Ortiz
  Maria is away
  Tom is away
  keys c h k o space x
