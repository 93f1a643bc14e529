package org.procmon.control.protocol;

/**
 * The user that a call is made for: the sender of an HTTP request, as the web server reports it. It
 * can only restrict the rights of a call, never extend them.
 *
 * @param user the authenticated user; empty if there is none
 * @param address the sender's address; empty if unknown
 */
public record OnBehalf(String user, String address) {
    /** The longest value of either. */
    public static final int LONGEST = 256;
}
