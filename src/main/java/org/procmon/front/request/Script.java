package org.procmon.front.request;

import java.util.Optional;

/**
 * The application that a path leads to, as CGI names it. Source: RFC 3875, sections 4.1.5 and
 * 4.1.13.
 *
 * @param name the part of the path that names the application
 * @param info the rest of the path; empty, or from a slash on
 * @param file the file of the script; empty if there is none
 * @param root the document root; empty if there is none
 */
public record Script(String name, String info, Optional<String> file, Optional<String> root) {}
