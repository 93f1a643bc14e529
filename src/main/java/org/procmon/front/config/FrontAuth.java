package org.procmon.front.config;

import org.jspecify.annotations.Nullable;

/**
 * The files that say who may come in, and for how long.
 *
 * @param users an htpasswd file; null for none
 * @param tokens a file of hashed tokens; null for none
 * @param sessionMillis how long a browser stays logged in
 */
public record FrontAuth(@Nullable String users, @Nullable String tokens, long sessionMillis) {}
