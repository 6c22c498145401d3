# The customer is not put on hold for a ringing phone: she talks with you until the colleague is there.
title    Calling a colleague on the side
customer Ms Ortiz  +12025550141
you                +12025550101  like line
target   Maria     +12025550151

Ms Ortiz rings in
wait until the call is RING
press a
wait until the call is TALK
press o for Maria
wait until Maria is ringing
wait until the call is ASIDE
moment Maria's phone rings, and you talk on
  the call is ASIDE
  the line is IN
  Ms Ortiz hears you
  you hear Ms Ortiz
  Maria is ringing
  keys b s space x

6 seconds pass
Maria answers
wait until Maria hears speech
moment Maria is asked to wait, and nobody hears her
  the call is ASIDE
  the line is IN
  Ms Ortiz hears you
  you hear Ms Ortiz
  Maria hears speech
  keys b k s space x

3 seconds pass
press s                                       # Ms Ortiz on hold first, then Maria comes in
wait until the call is CONSULT
moment A word in private
  the call is CONSULT
  the line is IN
  Ms Ortiz hears hold sound
  you hear Maria
  Maria hears you
  keys b k m s space t x

press m
wait until the call is THREE
moment All three talk
  the call is THREE
  the line is IN
  Ms Ortiz hears Maria and you
  you hear Maria and Ms Ortiz
  Maria hears Ms Ortiz and you
  keys h k space t x
