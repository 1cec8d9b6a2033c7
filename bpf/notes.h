/* SPDX-License-Identifier: MIT OR GPL-2.0-only
 *
 * How a socket's note, and what names the socket, are come by.
 */
#ifndef TCPTOP_NOTES_H
#define TCPTOP_NOTES_H

#ifdef ADDRESSES_ONLY
#include "notes_by_address.h"
#else
#include "notes_in_storage.h"
#endif

#endif
