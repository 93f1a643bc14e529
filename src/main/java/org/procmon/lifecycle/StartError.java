package org.procmon.lifecycle;

/**
 * Why a program could not be started.
 *
 * @param errno the kernel's number for it, see errno(3); 0 when the reason is not the kernel's
 * @param reason in words, naming what was tried
 */
public record StartError(int errno, String reason) {}
