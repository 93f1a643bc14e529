package org.procmon.control.protocol;

/**
 * For whom a call is made: the sender of an HTTP request, as the web server tells it. It can only
 * take rights from a call, never give it any.
 *
 * @param user as whom it was authenticated; empty if it was not
 * @param address where it came from; empty if that is not known
 */
public record OnBehalf(String user, String address) {
    /** As long as either may be. */
    public static final int LONGEST = 256;
}
