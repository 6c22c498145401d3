# Your own phone drops out in the middle. The customer hears music at once, and your phone rings again.
title    Your line is lost
customer Ms Ortiz  +12025550141
you                +12025550118
target   Maria     +12025550151

Ms Ortiz rings in
wait until the call is RING
press a
wait until you are ringing
you answer
wait until you hear speech
you dial 1
wait until the call is TALK
10 seconds pass
you hang up
wait until Ms Ortiz hears hold sound, within 2 seconds
wait until you are away
moment Your line is gone, she hears music, and you are asked what to do
  the call is RESCUE
  the line is LOST
  Ms Ortiz hears hold sound
  you are away
  Maria is away
  keys a k x

wait until you are ringing, within 10 seconds
wait until the call is RESCUE
moment No key in five seconds, so your phone rings
  the call is RESCUE
  the line is DIALLING
  Ms Ortiz hears hold sound
  you are ringing
  Maria is away
  keys k x

you answer
wait until you hear speech
you dial 1
wait until Ms Ortiz hears you
wait until you hear Ms Ortiz
wait until the call is TALK
moment Together again
  the call is TALK
  the line is IN
  Ms Ortiz hears you
  you hear Ms Ortiz
  Maria is away
  keys c h k o space x
