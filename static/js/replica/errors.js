// What can stop the replica or the outbox, each as a class of its own, so that whoever calls can say it in words.

/** The device has no room: nothing was written. */
export class Full extends Error {
  name = "Full";
}

/** The database on the device was written by a newer release: this one must not touch it. */
export class NewerShape extends Error {
  name = "NewerShape";
}

/** The server says that it answers somebody else: nothing was stored. */
export class OtherPerson extends Error {
  name = "OtherPerson";
}

/** The session is over (401): everything is kept. */
export class SignedOut extends Error {
  name = "SignedOut";
}

/** No answer, or none of ours: nothing is known. `status` is 0 where there was no answer; `retryAfter` in seconds, 0 where nothing was said. */
export class Unreachable extends Error {
  name = "Unreachable";

  /** @param {number} status @param {number} [retryAfter] */
  constructor(status, retryAfter = 0) {
    super(status ? `answered ${status}` : "no answer");
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/** A page reads rows that it did not ask for with `need`: an error of the program, said loudly instead of showing less. */
export class NotLoaded extends Error {
  name = "NotLoaded";
}

/** The entry is on its way, answered or gone: it can't be changed or taken back any more. */
export class TooLate extends Error {
  name = "TooLate";
}
