# To and fro between the two, each on hold in turn, and in the end no transfer.
title    Swapping between customer and colleague
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
press s
wait until the call is SWAPPED
moment With Ms Ortiz, Maria on hold
  the call is SWAPPED
  the line is IN
  Ms Ortiz hears you
  you hear Ms Ortiz
  Maria hears hold sound
  keys b k m s space t x

10 seconds pass
press s
wait until the call is CONSULT
moment With Maria, Ms Ortiz on hold
  the call is CONSULT
  the line is IN
  Ms Ortiz hears hold sound
  you hear Maria
  Maria hears you
  keys b k m s space t x

10 seconds pass
press s
wait until the call is SWAPPED
press b                                       # Maria is told and hung up; Ms Ortiz notices nothing
wait until Maria is away
wait until the call is TALK
moment Back to two
  the call is TALK
  the line is IN
  Ms Ortiz hears you
  you hear Ms Ortiz
  Maria is away
  keys c h k o space x
